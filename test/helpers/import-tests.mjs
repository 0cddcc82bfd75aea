// mocha would require a file where that works, and import it elsewhere: then there are two copies of fast-check and of our own
// files. What hooks.ts sets would hold for one of them, and coverage would count each copy alone. Where Node.js cannot require
// modules, mocha imports every file, as the functions are imported.
Object.defineProperty(process.features, 'require_module', { value: false });
