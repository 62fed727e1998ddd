"""Gate camera: is there a plate, which digit is on it, and where.

    python train.py --kwargs start=400 until=1650
"""
import torch

import hindcast as hc
from data import BACKGROUND, make_loaders
from engine import train_one_epoch
from evaluate import predict
from model import PlateDetector
from schedule import warmup_cosine


def main():
    torch.manual_seed(hc.arg("seed", 1))
    epochs = hc.arg("epochs", 12)
    box_weight = hc.arg("box_weight", 10.0)
    max_norm = hc.arg("max_norm", 5.0)

    train_loader, val_loader = make_loaders(
        start=hc.arg("start", 0),
        until=hc.arg("until", 1550),
        batch_size=hc.arg("batch_size", 32),
        bare_share=hc.arg("bare_share", 0.25),
    )

    detector = PlateDetector(dropout=hc.arg("dropout", 0.1))
    optimizer = torch.optim.AdamW(detector.parameters(), lr=hc.arg("lr", 0.005), weight_decay=0.01)
    scheduler = warmup_cosine(optimizer, warmup_steps=len(train_loader), total_steps=epochs * len(train_loader))

    best_acc, best_epoch = 0.0, -1
    with hc.checkpointing(model=detector, optimizer=optimizer, scheduler=scheduler):
        for epoch in hc.loop("epoch", range(epochs)):
            train_loss = train_one_epoch(detector, train_loader, optimizer, scheduler, box_weight, max_norm)

            preds, targets, errors = predict(detector, val_loader)
            has_plate = targets != BACKGROUND
            val_acc = (preds == targets)[has_plate].float().mean().item()
            box_error = errors[has_plate].mean().item()
            if val_acc > best_acc:
                best_acc, best_epoch = val_acc, epoch
            hc.log("train_loss", train_loss)
            hc.log("val_acc", val_acc)
            hc.log("box_error", box_error)
            print(f"epoch {epoch}: loss {train_loss:.3f} val_acc {val_acc:.3f} box error {box_error:.2f} px")
    print(f"best epoch {best_epoch}, val_acc {best_acc:.3f}")


if __name__ == "__main__":
    main()
