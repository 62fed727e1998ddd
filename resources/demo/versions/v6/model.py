import torch.nn as nn
import torch.nn.functional as F


def conv(c_in, c_out):
    return nn.Sequential(
        nn.Conv2d(c_in, c_out, 3, padding=1, bias=False),
        nn.BatchNorm2d(c_out),
        nn.ReLU(),
    )


class PlateNet(nn.Module):
    """Small CNN with three heads: is there a plate, which digit, and where it is."""

    def __init__(self):
        super().__init__()
        self.conv1 = conv(1, 12)
        self.conv2 = conv(12, 24)
        self.conv3 = conv(24, 32)
        self.conv4 = conv(32, 32)
        self.plate = nn.Linear(32, 1)
        self.digit = nn.Linear(32, 10)
        self.box_hidden = nn.Linear(32 * 6 * 6, 48)
        self.box = nn.Linear(48, 3)

    def forward(self, x):
        x = F.max_pool2d(self.conv1(x), 2)
        x = F.max_pool2d(self.conv2(x), 2)
        x = self.conv3(x)
        box = self.box(F.relu(self.box_hidden(x.flatten(1)))).sigmoid()
        pooled = self.conv4(x).amax((2, 3))  # wherever the digit is
        return self.plate(pooled)[:, 0], self.digit(pooled), box
