"""`python -m training.deepfake`: the recipe's command line."""

from training.deepfake.recipe import main

if __name__ == "__main__":
    main()
