/** The console's start: fonts, themes, the page. */

import "./fonts.css";
import "./app.css";
import "./lists.css";
import { mount } from "svelte";
import App from "./App.svelte";
import { language, speak } from "./lib/i18n.svelte";
import { theme, wear } from "./lib/theme.svelte";

speak(language.now);
wear(theme.now);
const target = document.getElementById("app");
if (target) mount(App, { target });
