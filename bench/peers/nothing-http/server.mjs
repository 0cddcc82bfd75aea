/** An empty HTTP server: the fastest that HTTP allows. */
import { createServer } from 'node:http';

const answer = JSON.stringify({ label: 'nothing' });
const headers = { 'content-type': 'application/json', 'content-length': answer.length };
createServer((request, response) => {
  request.resume();
  response.writeHead(200, headers).end(answer);
}).listen(Number(process.argv[2]), '127.0.0.1');
