/** An empty Lambda function: the fastest that the platform allows. */
export const handler = async () => 'nothing';
