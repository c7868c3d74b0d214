# One file for every service: `docker build --build-arg SERVICE=inventory .`
# All stages but the last steps are the same for all services, so they are built and stored once.
FROM node:24-slim AS build
ENV TURBO_TELEMETRY_DISABLED=1 DO_NOT_TRACK=1 PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1
WORKDIR /app
COPY . .
RUN npm ci
RUN npx turbo run build
RUN npm prune --omit=dev

FROM node:24-slim
ENV NODE_ENV=production NODE_OPTIONS=--enable-source-maps HOST=0.0.0.0
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/packages ./packages
COPY --from=build /app/services ./services
# Named volumes take their owner from here when they are first used.
RUN mkdir -p /var/lib/shelfline/keys /var/lib/shelfline/imports && chown -R node:node /var/lib/shelfline
USER node
ARG SERVICE
ENV SERVICE=${SERVICE}
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# exec: the service itself gets SIGTERM and stops in order.
CMD ["sh", "-c", "exec node services/${SERVICE}/dist/main.js"]
