/**
 * RxJS's Observable by itself: all of RxJS takes 60 ms to load in Node, longer than folding a hundred million rows.
 * It is the same class that `rxjs` gives.
 */
export { Observable } from "rxjs/internal/Observable";
