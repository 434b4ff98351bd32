import { numberFrom } from "../input/number-from.ts";

/** A function of an entropy n = -ln q, or its slope by n. */
export type Focus = (n: number, isSlope: boolean) => number;

/**
 * Makes (1 - q)^gamma n for q = e^-n held within [eps, 1 - eps], where the slope is 0 outside. 1 - q is -expm1(-n), whose
 * digits survive a q near 1. Slope: (1 - q)^gamma (gamma n q / (1 - q) + 1), in which n / (1 - q) goes to 1 with n to 0.
 */
export function focusOf(gamma: number, eps: number): Focus {
  const bound = numberFrom(eps);
  const least = -Math.log(1 - bound);
  const most = -Math.log(bound);
  return (n, isSlope) => {
    const held = Math.max(least, Math.min(most, n));
    const wrong = -Math.expm1(-held);
    if (!isSlope) return wrong ** gamma * held;
    if (held !== n) return 0;
    const q = Math.exp(-n);
    return wrong ** gamma * (1 + gamma * (wrong === 0 ? 1 : q && (n / wrong) * q));
  };
}
