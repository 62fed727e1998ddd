import torch.nn as nn
import torch.nn.functional as F

import hindcast as hc


class SmallCNN(nn.Module):
    def __init__(self, width, classes=10):
        super().__init__()
        self.conv = nn.Conv2d(1, width, 3, padding=1)
        self.norm = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1)
        self.drop = nn.Dropout(hc.arg("dropout", 0.3))
        self.fc = nn.Linear(width * 16, classes)

    def forward(self, x):
        h = F.relu(self.norm(self.conv(x)))
        h = F.max_pool2d(h, 2)
        h = h + F.relu(self.conv2(h))
        h = h.flatten(1)
        return self.fc(self.drop(h))
