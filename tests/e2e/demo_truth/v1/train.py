"""Gate camera: find the digit on the plate and read it."""
import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader

import hindcast as hc
from data import load_plates
from model import PlateNet

torch.manual_seed(hc.arg("seed", 1))
epochs = hc.arg("epochs", 12)

train_set, val_set = load_plates(until=800)
train_loader = DataLoader(train_set, batch_size=32, shuffle=True)
val_loader = DataLoader(val_set, batch_size=100)

net = PlateNet()
opt = torch.optim.Adam(net.parameters(), lr=hc.arg("lr", 0.003))


def predict(net, loader):
    """Predicted digits and the true ones, over the whole loader."""
    net.eval()
    preds, truth = [], []
    with torch.no_grad():
        for x, digit, box in loader:
            scores, _ = net(x)
            preds.append(scores.argmax(1))
            truth.append(digit)
    return torch.cat(preds), torch.cat(truth)


with hc.checkpointing(model=net, optimizer=opt):
    for epoch in hc.loop("epoch", range(epochs)):
        net.train()
        for batch in hc.loop("step", train_loader):
            x, digit, box = batch
            opt.zero_grad()
            scores, found = net(x)
            loss = F.cross_entropy(scores, digit) + 10 * F.smooth_l1_loss(found, box)
            loss.backward()
            hc.log("grad_norm", (sum(p.grad.norm() ** 2 for p in net.parameters()) ** 0.5).item())
            hc.log("share_0", (digit == 0).float().mean().item())
            opt.step()
            hc.log("loss", loss.item())

        preds, truth = predict(net, val_loader)
        val_acc = (preds == truth).float().mean().item()
        hc.log("val_acc", val_acc)
        for c in range(10):
            hc.log(f"recall_{c}", (preds[truth == c] == c).float().mean().item())
        print(f"epoch {epoch}: loss {loss.item():.3f} val_acc {val_acc:.3f}")
