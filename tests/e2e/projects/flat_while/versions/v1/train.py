# Breast cancer, flat: no function, a while loop, a learning rate in a plain variable.
import random

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

import hindcast as hc

seed = hc.arg("seed", 7)
random.seed(seed)
np.random.seed(seed)
torch.manual_seed(seed)

epochs = hc.arg("epochs", 5)
batch = hc.arg("batch", 32)
lr = hc.arg("lr", 0.05)

data = load_breast_cancer()
x_train, x_val, y_train, y_val = train_test_split(data.data, data.target, test_size=0.3, stratify=data.target)
scaler = StandardScaler().fit(x_train)
x_train = torch.tensor(scaler.transform(x_train), dtype=torch.float32)
x_val = torch.tensor(scaler.transform(x_val), dtype=torch.float32)
y_train, y_val = torch.tensor(y_train), torch.tensor(y_val)

net = nn.Sequential(nn.Linear(30, 16), nn.ReLU(), nn.Dropout(0.3), nn.Linear(16, 2))
opt = torch.optim.SGD(net.parameters(), lr=lr)

best = 0.0
smooth = None
epoch = 0
with hc.checkpointing(net=net, opt=opt):
	while epoch < epochs:
		with hc.iteration("epoch", epoch, epoch):
			for group in opt.param_groups:
				group["lr"] = lr
			net.train()
			order = torch.randperm(len(x_train))
			for start in hc.loop("step", range(0, len(order), batch)):
				pick = order[start:start + batch]
				loss = F.cross_entropy(net(x_train[pick]), y_train[pick])
				opt.zero_grad()
				loss.backward()
				opt.step()
				smooth = loss.item() if smooth is None else 0.9 * smooth + 0.1 * loss.item()
				hc.log("loss", loss.item())

			net.eval()
			with torch.no_grad():
				pred = net(x_val).argmax(1)
			acc = (pred == y_val).float().mean().item()
			hc.log("val_acc", acc)
			if acc > best:
				best = acc
			else:
				lr *= 0.5
		epoch += 1

print("best", best)
