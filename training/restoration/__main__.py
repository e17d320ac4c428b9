"""`python -m training.restoration`: the recipe's command line."""

from training.restoration.recipe import main

if __name__ == "__main__":
    main()
