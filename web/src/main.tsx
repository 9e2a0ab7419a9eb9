import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { App } from "@/App";
import { startLanguage } from "@/i18n/languages";
import { Messenger } from "@/messenger/messenger";
import "@/styles/index.css";

const root = document.getElementById("root");
if (!root) throw new Error("The page has no #root.");
const messenger = new Messenger();
void messenger.start();
// Asked for at once, so that less text is laid out twice.
document.fonts.load("1em 'Figtree Variable'").catch(() => undefined);
await startLanguage();
createRoot(root).render(
  <StrictMode>
    <App messenger={messenger} />
  </StrictMode>,
);
