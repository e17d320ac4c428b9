"""`python -m training.anomaly`: the recipe's command line."""

from training.anomaly.recipe import main

if __name__ == "__main__":
    main()
