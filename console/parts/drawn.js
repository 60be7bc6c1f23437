/** What the API draws: a tree of elements (`{ tag, attributes, content }`), which becomes elements and never markup. */
import { h } from "./html.js";

/** Names of elements and attributes are the API's own; what people called something is text, and stays it. */
export const drawn = (part) => (typeof part === "string" ? part : h(part.tag, part.attributes, ...part.content.map(drawn)));
