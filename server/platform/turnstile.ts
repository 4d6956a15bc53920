/**
 * Lets a few in at a time, the others in the order in which they came; whoever has waited too long goes in all the same, so that slow
 * work does not hold up the rest.
 */
export class Turnstile {
  private readonly few: number;
  private readonly patienceMs: number;
  private readonly waiting = new Set<() => void>();
  private inside = 0;

  constructor(few: number, patienceMs: number) {
    this.few = few;
    this.patienceMs = patienceMs;
  }

  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.inside >= this.few) await this.turn();
    this.inside += 1;
    try {
      return await work();
    } finally {
      this.inside -= 1;
      if (this.inside < this.few) this.callNext();
    }
  }

  private callNext(): void {
    for (const next of this.waiting) return next();
  }

  private turn(): Promise<void> {
    return new Promise((resolve) => {
      const next = () => {
        clearTimeout(patience);
        this.waiting.delete(next);
        resolve();
      };
      const patience = setTimeout(next, this.patienceMs);
      this.waiting.add(next);
    });
  }
}
