/**
 * The slots of a hash table with linear probing: entry i stands as i + 1 in the slot that the high bits of its hash
 * choose, or the next free one after it.
 *
 * High bits, so that going through the slots meets entries in about the order of their hashes, whatever the number of
 * slots: entries that come in that order are found one near the other, which spares the cache, not the arithmetic.
 */
export class HashSlots {
  #slots: Int32Array = new Int32Array(0);
  #shift = 32;
  #length = 0;

  /** Where to look for an entry first; {@link after} says where next. */
  first(hash: number): number {
    return hash >>> this.#shift;
  }

  after(slot: number): number {
    return slot + 1 === this.#slots.length ? 0 : slot + 1;
  }

  /** The entry in a slot; -1 where it is free. */
  at(slot: number): number {
    return this.#slots[slot]! - 1;
  }

  /** Puts an entry into a slot that is free. */
  put(slot: number, entry: number): void {
    this.#slots[slot] = entry + 1;
    this.#length++;
  }

  /**
   * Whether `more` entries need {@link rebuild} first. Entries that come in the order of their hashes must be given room
   * all at once: a table that grows under them is crowded where they come in, and each is searched for long.
   */
  isFull(more: number): boolean {
    return 2 * (this.#length + more) > this.#slots.length;
  }

  /** Makes room for `more` entries, and puts those in anew, from 0 to `length`, that `has`. */
  rebuild(
    length: number,
    more: number,
    hashOf: (entry: number) => number,
    has: (entry: number) => boolean = () => true,
  ): void {
    let bits = 8;
    while (2 ** bits < 2 * length + 3 * more) bits++;
    this.#slots = new Int32Array(2 ** bits);
    this.#shift = 32 - bits;
    this.#length = 0;
    for (let entry = 0; entry < length; entry++) {
      if (!has(entry)) continue;
      let slot = this.first(hashOf(entry));
      while (this.at(slot) !== -1) slot = this.after(slot);
      this.put(slot, entry);
    }
  }

  /** Takes all entries out; the room stays. */
  clear(): void {
    if (this.#length > 0) this.#slots.fill(0);
    this.#length = 0;
  }

  /** All entries, in about the order of their hashes; those of a table that was never looked into stand as they are. */
  inOrder(length: number): Int32Array {
    const entries = new Int32Array(length);
    if (this.#length !== length) return entries.map((_, i) => i);
    let count = 0;
    for (const slot of this.#slots) if (slot !== 0) entries[count++] = slot - 1;
    return entries;
  }
}
