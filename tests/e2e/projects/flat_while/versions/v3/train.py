# Breast cancer, flat: no function, a while loop, a learning rate in a plain variable.
# 比較のため、線形モデル（scikit-learn）も同じバッチで学習する。
import random

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import SGDClassifier
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

import hindcast as hc

seed = hc.arg("seed", 7)
random.seed(seed)
np.random.seed(seed)
torch.manual_seed(seed)

max_epochs = hc.arg("epochs", 6)
batch_size = hc.arg("batch", 40)
lr = hc.arg("lr", 0.05)
min_lr = hc.arg("min_lr", 0.01)
noise = hc.arg("noise", 0.1)

data = load_breast_cancer()
x_train, x_val, y_train, y_val = train_test_split(data.data, data.target, test_size=0.3, stratify=data.target)
scaler = StandardScaler().fit(x_train)
x_train, x_val = scaler.transform(x_train), scaler.transform(x_val)
val_inputs = torch.tensor(x_val, dtype=torch.float32)
val_targets = torch.tensor(y_val)


def minibatches():
    """Shuffled, noisy, one by one."""
    order = np.random.permutation(len(x_train))
    for start in range(0, len(order), batch_size):
        rows = order[start:start + batch_size]
        yield x_train[rows] + noise * np.random.standard_normal((len(rows), 30)), y_train[rows]


net = nn.Sequential(nn.Linear(30, 24), nn.GELU(), nn.Dropout(0.3), nn.Linear(24, 2))
opt = torch.optim.SGD(net.parameters(), lr=lr, momentum=0.8)
linear = SGDClassifier(loss="log_loss", alpha=1e-3)  # shuffles with NumPy's global generator

best_acc = 0.0
running_loss = None
epoch = 0
with hc.checkpointing(net=net, opt=opt, linear=linear):
    while True:
        if epoch >= max_epochs or lr <= min_lr:
            break
        with hc.iteration("epoch", epoch, epoch):
            hc.log("phase", "warm-up" if epoch < 2 else "main")
            for group in opt.param_groups:
                group["lr"] = lr * (0.5 if epoch < 2 else 1.0)
            net.train()
            for step, (rows, labels) in enumerate(hc.loop("step", minibatches())):
                inputs = torch.tensor(rows, dtype=torch.float32)
                targets = torch.tensor(labels)
                loss = F.cross_entropy(net(inputs), targets)
                opt.zero_grad()
                loss.backward()
                opt.step()
                linear.partial_fit(rows, labels, classes=[0, 1])
                running_loss = loss.item() if running_loss is None else 0.9 * running_loss + 0.1 * loss.item()
                if step % 2 == 0:
                    hc.log("loss", loss.item())

            net.eval()
            with torch.no_grad():
                predicted = net(val_inputs).argmax(1)
            acc = (predicted == val_targets).float().mean().item()
            hc.log("val_acc", acc)
            hc.log("linear_acc", float(linear.score(x_val, y_val)))
            if acc > best_acc:
                best_acc = acc
            else:
                lr *= 0.5
        epoch += 1

print("best", best_acc)
hc.commit()
