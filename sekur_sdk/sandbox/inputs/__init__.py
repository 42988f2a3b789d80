"""What the routes take: strict classes of the sandbox's own, so that it can't share a mistake with the SDK's models.

Unknown fields, unknown enum values, naive times and numbers out of range are refused with their path.
"""
