/** The floor of the platform: a handler that does nothing. */
export const handler = async () => 'nothing';
