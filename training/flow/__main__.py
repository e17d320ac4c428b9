"""`python -m training.flow`: the recipe's command line."""

from training.flow.recipe import main

if __name__ == "__main__":
    main()
