const TONES_HZ = [880, 1175];
const TONE_S = 0.18;
const LOUDNESS = 0.25;

/** Two short tones. A browser makes none before somebody has touched the page, so it is made by the button's press. */
export class Ring {
  private readonly context = new AudioContext();

  play(): void {
    TONES_HZ.forEach((hz, index) => {
      const from = this.context.currentTime + index * TONE_S;
      const tone = new OscillatorNode(this.context, { frequency: hz });
      const volume = new GainNode(this.context, { gain: LOUDNESS });
      tone.connect(volume).connect(this.context.destination);
      volume.gain.setTargetAtTime(0, from + TONE_S / 2, TONE_S / 4);
      tone.start(from);
      tone.stop(from + TONE_S * 2);
    });
  }
  close(): void {
    void this.context.close();
  }
}
