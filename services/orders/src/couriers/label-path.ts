/** Where the label of a parcel is fetched; its id is `order/number`. */
export const labelPath = (parcelId: string): string =>
  `/api/orders/couriers/labels/${parcelId.split('/').map(encodeURIComponent).join('/')}`;
