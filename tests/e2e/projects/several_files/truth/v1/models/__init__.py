from .convnet import ConvNet


def build_model(width):
    return ConvNet(width)
