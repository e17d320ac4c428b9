// What the checker must know besides the modules themselves: shapes that the server decides, and the page's one global.

/** A knob as Knob.spec in gallery/shell/knobs.py declares it. */
interface KnobSpec {
  default: number | string;
  kind: "number" | "int" | "choice" | "code";
  min?: number;
  max?: number;
  digits?: number;
  choices?: string[];
  columns?: number[][];
  act?: string;
}

/** What a widget's Python class sends it, the name of its room first. */
type Props = any;

/** The server functions of a widget: each takes a list and answers with an object. */
type Server = Record<string, (args: any[]) => Promise<any>>;

/** Words of a part of the page: language to address. */
type WordUrls = Record<string, string>;

interface RoomFiles {
  name: string;
  knobs: Record<string, KnobSpec>;
  scripts: string[];
  styles: string[];
  words: WordUrls;
}

/** As gallery/shell/house.py tells it. */
interface House {
  lang: string | null;
  rooms: RoomFiles[];
  words: WordUrls;
  /** Words that come when they are wanted, by part: "cards", "keys", "lecture". */
  later: Record<string, WordUrls>;
  /** What stands beside the rooms: its style sheets, and what else is needed to send for it. */
  asides: { lecture: { styles: string[]; lessons: Record<string, WordUrls>; titles: Record<string, Record<string, string>> } };
}

interface Window {
  vernissage: {
    house: House;
    lang: string;
    words: Promise<Response>;
    mount: (...given: Parameters<typeof import("./mount.js").mount>) => Promise<void>;
    room?: (name: string) => import("./rooms.js").Room;
  };
  gradio_config?: { components?: { props?: Record<string, any> }[] };
}

interface Element {
  /** The widget that lives in a component of gradio's. */
  vernissage?: object;
}

/** A part of a picture to draw from. */
interface Sprite {
  source: CanvasImageSource;
  x: number;
  y: number;
  w: number;
  h: number;
}
