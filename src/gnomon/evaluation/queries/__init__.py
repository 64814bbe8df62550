"""All that reads figures: measures, the lists behind them, the dashboard."""
