// The act "smile".
export { Portraits as default } from "gallery/widgets/_portraits.js";
