"""Gate camera: find the digit on the plate and read it."""
import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader

import hindcast as hc
from augment import relight
from data import load_plates
from model import PlateNet

torch.manual_seed(hc.arg("seed", 1))
epochs = hc.arg("epochs", 12)
box_weight = hc.arg("box_weight", 10.0)

train_set, val_set = load_plates(until=950)
train_loader = DataLoader(train_set, batch_size=32, shuffle=True)
val_loader = DataLoader(val_set, batch_size=100)

model = PlateNet()
optimizer = torch.optim.Adam(model.parameters(), lr=hc.arg("lr", 0.003))


def predict(model, loader):
    """Predicted digits, the true ones, and the mean error of the boxes in pixels."""
    model.eval()
    preds, truth, errors = [], [], []
    with torch.no_grad():
        for frames, digits, boxes in loader:
            scores, found = model(frames)
            preds.append(scores.argmax(1))
            truth.append(digits)
            errors.append((found - boxes).abs().mean(1) * frames.shape[-1])
    return torch.cat(preds), torch.cat(truth), torch.cat(errors).mean().item()


with hc.checkpointing(model=model, optimizer=optimizer):
    for epoch in hc.loop("epoch", range(epochs)):
        model.train()
        for batch in hc.loop("step", train_loader):
            frames, digits, boxes = batch
            frames = relight(frames)
            optimizer.zero_grad()
            scores, found = model(frames)
            loss = F.cross_entropy(scores, digits) + box_weight * F.smooth_l1_loss(found, boxes)
            loss.backward()
            hc.log("grad_norm", (sum(p.grad.norm() ** 2 for p in model.parameters()) ** 0.5).item())
            hc.log("share_0", (digits == 0).float().mean().item())
            optimizer.step()
            hc.log("loss", loss.item())

        preds, truth, box_error = predict(model, val_loader)
        val_acc = (preds == truth).float().mean().item()
        hc.log("val_acc", val_acc)
        for c in range(10):
            hc.log(f"recall_{c}", (preds[truth == c] == c).float().mean().item())
        hc.log("box_error", box_error)
        print(f"epoch {epoch}: loss {loss.item():.3f} val_acc {val_acc:.3f} box error {box_error:.2f} px")
