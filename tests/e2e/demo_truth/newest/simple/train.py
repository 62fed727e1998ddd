"""Gate camera: is there a plate, which digit is on it, and where."""
import torch

import hindcast as hc
from data import EMPTY, make_loaders
from engine import train_one_epoch
from evaluate import predict
from model import PlateDetector
from schedule import warmup_cosine
from settings import Settings


def main():
    settings = Settings.from_args()
    torch.manual_seed(settings.seed)

    train_loader, val_loader = make_loaders(
        settings.start, settings.until, settings.batch_size, settings.empty_share)
    total_steps = settings.epochs * len(train_loader)

    model = PlateDetector(settings.dropout)
    optimizer = torch.optim.AdamW(model.parameters(), lr=settings.lr, weight_decay=0.01)
    scheduler = warmup_cosine(optimizer, warmup_steps=len(train_loader), total_steps=total_steps)

    best_acc, best_epoch = 0.0, -1
    with hc.checkpointing(model=model, optimizer=optimizer, scheduler=scheduler):
        for epoch in hc.loop("epoch", range(settings.epochs)):
            train_loss = train_one_epoch(model, train_loader, optimizer, scheduler, settings)

            preds, labels, seen, errors = predict(model, val_loader)
            has_plate = labels != EMPTY
            val_acc = (preds == labels)[has_plate].float().mean().item()
            box_error = errors[has_plate].mean().item()
            if val_acc > best_acc:
                best_acc, best_epoch = val_acc, epoch
            hc.log("train_loss", train_loss)
            hc.log("val_acc", val_acc)
            hc.log("recall_0", (preds[labels == 0] == 0).float().mean().item())
            hc.log("val_seen", (seen == has_plate).float().mean().item())
            hc.log("box_error", box_error)
            print(f"epoch {epoch}: loss {train_loss:.3f} val_acc {val_acc:.3f} box error {box_error:.2f} px")
    print(f"best epoch {best_epoch}, val_acc {best_acc:.3f}")


if __name__ == "__main__":
    main()
