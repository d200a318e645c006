/** The door of the MCP server. */
export { mcpServer } from './mcp-server.js';
export { serveStdio } from './stdio.js';
