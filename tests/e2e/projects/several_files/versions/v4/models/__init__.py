from .small_cnn import SmallCNN


def build_model(width):
    return SmallCNN(width)
