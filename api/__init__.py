"""HTTP, WebSocket and the console command."""
