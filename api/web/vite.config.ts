/// <reference types="vitest/config" />
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

const service = process.env["FAIRWAY_DEV_SERVICE"] ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [svelte()],
  build: {
    outDir: "../static",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: "es2022",
  },
  server: {
    // the texts are shared with the server, one folder up
    fs: { allow: [".."] },
    proxy: { "/v1": { target: service, ws: true } },
  },
  test: { include: ["tests/**/*.test.ts"], environment: "node" },
});
