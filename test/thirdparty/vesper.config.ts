import { defineConfig, secret } from "vesper";
import { notes } from "./adapters/notes.ts";
import { oracle } from "./adapters/oracle.ts";
import { pager } from "./adapters/pager.ts";

export default defineConfig({
  agent: oracle({ url: "https://model.example.com/replies", key: secret("MODEL_KEY") }),
  platforms: {
    pager: pager({ api: "https://pager.example.com/pages", secret: secret("PAGER_SIGNING_SECRET") }),
  },
  memory: {
    notes: notes({ url: "https://notes.example.com/sessions", token: secret("NOTES_TOKEN") }),
  },
});
