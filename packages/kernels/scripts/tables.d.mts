export function powersOfTwo(): number[];
export function exponentialConstants(): number[];
export function logarithms(): number[];
export function softplusTails(): number[];
