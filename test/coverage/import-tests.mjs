// mocha would require what can be required and import the rest, and tsx writes another text of a file for each: of a file in
// both, nobody could say which lines ran. Where Node.js cannot require modules mocha imports all, as the functions do.
Object.defineProperty(process.features, 'require_module', { value: false });
