"""What the sandbox does to its resources, for the routes and for what wearables send alike."""
