// mocha requires a file if that works, and else imports it. Then there would be two copies of fast-check and of our own
// files: settings of hooks.ts would hold for only one copy, and coverage would count each copy alone. If Node.js cannot
// require modules, mocha imports every file, as the functions are imported.
Object.defineProperty(process.features, 'require_module', { value: false });
