import js from "@eslint/js";
import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import globals from "globals";
import tseslint from "typescript-eslint";

/** The folders a part of the client must not import, with the reason a reader will want. */
function forbid(folders, message, extra = []) {
  return {
    "no-restricted-imports": [
      "error",
      { patterns: [{ group: folders.flatMap((f) => [`@/${f}`, `@/${f}/*`, `@/${f}/**`]), message }, ...extra] },
    ],
  };
}

const noReact = { group: ["react", "react-*", "@/**/react"], message: "No React below the features." };
const features = ["auth", "calls", "chats", "conversation", "composer", "contacts", "groups", "notifications", "search", "settings", "shared", "statuses"];

export default tseslint.config(
  { ignores: ["dist"] },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  jsxA11y.flatConfigs.recommended,
  reactHooks.configs.flat.recommended,
  {
    languageOptions: {
      globals: globals.browser,
      parserOptions: { projectService: { allowDefaultProject: ["eslint.config.js"] } },
    },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { varsIgnorePattern: "^_", ignoreRestSiblings: true }],
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
      "no-restricted-syntax": [
        "error",
        { selector: "ExportDefaultDeclaration", message: "Use a named export." },
        { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: "Text is text." },
      ],
    },
  },
  // Imports go downward only: features → messenger → store, socket, api → lib.
  {
    files: ["src/lib/**"],
    rules: forbid(["api", "media", "socket", "store", "calls", "messenger", "features", "parts", "ui"], "lib stands at the bottom.", [noReact]),
  },
  {
    files: ["src/api/**"],
    rules: forbid(["media", "socket", "store", "calls", "messenger", "features", "parts", "ui"], "api knows only lib.", [noReact]),
  },
  {
    files: ["src/media/**"],
    rules: forbid(["socket", "store", "calls", "messenger", "features", "parts", "ui"], "media knows only api and lib.", [noReact]),
  },
  {
    files: ["src/socket/**"],
    rules: forbid(["store", "calls", "messenger", "features", "parts", "ui"], "The socket knows only api and lib.", [noReact]),
  },
  {
    files: ["src/store/**"],
    ignores: ["src/store/react.ts"],
    rules: forbid(["calls", "messenger", "features", "parts", "ui"], "The store knows only api, socket shapes and lib.", [noReact]),
  },
  {
    files: ["src/calls/**"],
    rules: forbid(["messenger", "features", "parts", "ui"], "Calls know the store and the socket, and no screens.", [noReact]),
  },
  {
    files: ["src/messenger/**"],
    ignores: ["src/messenger/react.ts"],
    rules: forbid(["features", "parts", "ui"], "The messenger wires the parts below it.", [noReact]),
  },
  {
    files: ["src/ui/**"],
    rules: forbid(["api", "socket", "store", "calls", "messenger", "features", "parts"], "ui knows no domain."),
  },
  {
    files: ["src/parts/**"],
    rules: forbid(["features", "socket"], "parts are what several features share."),
  },
  ...features.map((name) => ({
    files: [`src/features/${name}/**`],
    rules: forbid(
      [...features.filter((other) => other !== name).map((other) => `features/${other}`), "socket"],
      "A feature imports no other feature; App.tsx puts them together.",
    ),
  })),
  { files: ["**/*.test.{ts,tsx}", "src/test/**"], rules: { "no-restricted-imports": "off" } },
  {
    files: ["*.config.{js,ts}"],
    rules: { "no-restricted-syntax": "off" },
    languageOptions: { globals: globals.node },
  },
  { files: ["**/*.js"], ...tseslint.configs.disableTypeChecked },
);
