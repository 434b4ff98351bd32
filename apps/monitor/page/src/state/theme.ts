import { useEffect, useState } from "preact/hooks";
import { settings } from "./settings.ts";
import { useValue } from "./value.ts";

const system = matchMedia("(prefers-color-scheme: dark)");

/** Tells whether the page is dark: as chosen, else as the system is. */
export function useDark(): boolean {
  const { theme } = useValue(settings);
  const [isSystemDark, setSystemDark] = useState(system.matches);
  useEffect(() => {
    const listen = (): void => setSystemDark(system.matches);
    system.addEventListener("change", listen);
    return () => system.removeEventListener("change", listen);
  }, []);
  return theme === null ? isSystemDark : theme === "dark";
}
