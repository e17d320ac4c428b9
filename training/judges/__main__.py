"""`python -m training.judges`: the recipe's command line."""

from training.judges.recipe import main

if __name__ == "__main__":
    main()
