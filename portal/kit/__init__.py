"""Small named tools without models: money, days, masking, sealing, registries, pictures."""
