/** Drawn on a grid of 20, in lines of the text's colour. */
const PATHS = {
  overview: "M3 16V9m5 7V4m5 12v-5m4 5V7",
  try: "M4 5h12v8H9l-4 3v-3H4z",
  sessions: "M5 4h10M5 8h10M5 12h7M5 16h4",
  hooks: "M10 3v8a3.5 3.5 0 1 1-5-3m5-5 3 3m-3-3L7 6",
  undelivered: "M3 5h14v10H3zm0 1 7 5 7-5",
  operations: "M4 10a6 6 0 0 1 10.5-4L16 7.5M16 4v3.5h-3.5M16 10a6 6 0 0 1-10.5 4L4 12.500M4 16v-3.500h3.500",
  audit: "M6 3h8v14H6zM8.500 7h3M8.500 10h3M8.500 13h2",
  forget: "M4 12l6-7 5 4-6 7H7zM7 8.500l5 4M4 16h12",
  health: "M3 11h3l2-5 4 9 2-4h3",
  search: "M9 4a5 5 0 1 0 0 10A5 5 0 0 0 9 4zm3.600 8.600L16.500 16.500",
  menu: "M3 6h14M3 10h14M3 14h14",
  close: "M5 5l10 10M15 5L5 15",
  clock: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zm0 3v4l3 2",
  send: "M4 10h11m-4-4 4 4-4 4",
  check: "M4 10.500l4 4 8-9",
  bolt: "M11 2 5 11h4l-1 7 6-9h-4z",
  skip: "M4 5l6 5-6 5zM11 5l6 5-6 5z",
} as const;

export type IconName = keyof typeof PATHS;

/** A small drawing beside a word that says the same. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        stroke-width="1.5"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
