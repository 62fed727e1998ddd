import torch.nn as nn
import torch.nn.functional as F


def conv(c_in, c_out):
    return nn.Sequential(
        nn.Conv2d(c_in, c_out, 3, padding=1, bias=False),
        nn.BatchNorm2d(c_out),
        nn.ReLU(),
    )


class Backbone(nn.Module):
    """Frames in, feature maps of a quarter of their size out."""

    def __init__(self, width=12):
        super().__init__()
        self.conv1 = conv(1, width)
        self.conv2 = conv(width, 2 * width)
        self.conv3 = conv(2 * width, 3 * width)
        self.channels = 3 * width

    def forward(self, x):
        x = F.max_pool2d(self.conv1(x), 2)
        x = F.max_pool2d(self.conv2(x), 2)
        return self.conv3(x)
