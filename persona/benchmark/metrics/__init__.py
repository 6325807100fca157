"""What a life is measured by without a judge: from its log and its dataset to observations."""
