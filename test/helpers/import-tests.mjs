// mocha loads a file by require() if that works, and otherwise by import. With require(), there would be two copies of
// fast-check and of our own files: the settings in hooks.ts would hold for only one copy, and coverage would count each
// copy separately. So this tells mocha that Node.js cannot require modules. Then mocha imports every file, as the
// functions are imported.
Object.defineProperty(process.features, 'require_module', { value: false });
