"""What the services can do, told once through a client, by service."""
