"""Gate camera: find the digit on the plate and read it.

    python train.py --kwargs until=1100 lr=0.003
"""
import torch
from torch.optim.lr_scheduler import StepLR

import hindcast as hc
from augment import relight
from data import make_loaders
from losses import detection_loss
from model import PlateNet


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


def main():
    torch.manual_seed(hc.arg("seed", 1))
    epochs = hc.arg("epochs", 12)
    box_weight = hc.arg("box_weight", 10.0)

    train_loader, val_loader = make_loaders(
        start=0, until=hc.arg("until", 950), batch_size=hc.arg("batch_size", 32))

    model = PlateNet()
    optimizer = torch.optim.Adam(model.parameters(), lr=hc.arg("lr", 0.003))
    scheduler = StepLR(optimizer, step_size=hc.arg("lr_every", 5), gamma=0.4)

    with hc.checkpointing(model=model, optimizer=optimizer, scheduler=scheduler):
        for epoch in hc.loop("epoch", range(epochs)):
            model.train()
            for frames, digits, boxes in hc.loop("step", train_loader):
                frames = relight(frames)
                scores, found = model(frames)
                loss = detection_loss(scores, found, digits, boxes, box_weight)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                hc.log("loss", loss.item())
            scheduler.step()

            preds, truth, box_error = predict(model, val_loader)
            val_acc = (preds == truth).float().mean().item()
            hc.log("val_acc", val_acc)
            hc.log("box_error", box_error)
            print(f"epoch {epoch}: loss {loss.item():.3f} val_acc {val_acc:.3f} box error {box_error:.2f} px")


if __name__ == "__main__":
    main()
