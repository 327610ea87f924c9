"""One training step of pythae's models on PyTorch, for comparison with `manikin benchmark --only models`.

    python benchmark_pythae.py [model ...]

Networks are those of Manikin's `compact` at 104 x 88, 16 latent dimensions, batches of 100 images, Adam. Needs
torch, pythae 0.1.2 and what it imports. Prints the median of five steps after a first one, and the peak of memory,
each model in a process of its own.
"""
import os
import resource
import statistics
import subprocess
import sys
import time

MODELS = ["vae", "ae", "rae", "rae-gp", "wae", "vamp", "iwae", "vae-nf", "vae-iaf", "hvae", "rhvae", "aae", "vaegan"]
H, W, L, BATCH = 104, 88, 16, 100


def measure(name):
    import torch
    from torch import nn
    import pythae.models as pm
    from pythae.models.base.base_utils import ModelOutput
    from pythae.models.nn import BaseDecoder, BaseDiscriminator, BaseEncoder

    torch.set_num_threads(int(os.environ.get("THREADS", "2")))
    torch.manual_seed(0)
    channels = [1, 16, 32, 64, 128, 128]
    sizes = [(104, 88), (52, 44), (26, 22), (13, 11), (7, 6), (4, 3)]

    def down():
        layers = []
        for a, b in zip(channels, channels[1:]):
            layers += [nn.Conv2d(a, b, 5, 2, 2), nn.ReLU()]
        return nn.Sequential(*layers, nn.Flatten())

    class Encoder(BaseEncoder):
        def __init__(self):
            super().__init__()
            self.body, self.mean, self.log = down(), nn.Linear(1536, L), nn.Linear(1536, L)

        def forward(self, x):
            h = self.body(x)
            return ModelOutput(embedding=self.mean(h), log_covariance=self.log(h))

    class Decoder(BaseDecoder):
        def __init__(self):
            super().__init__()
            layers = [nn.Linear(L, 1536), nn.Unflatten(1, (128, 4, 3))]
            for k in range(5, 0, -1):
                (h, w), (th, tw) = sizes[k], sizes[k - 1]
                pad = (th - ((h - 1) * 2 + 1), tw - ((w - 1) * 2 + 1))
                layers += [nn.ConvTranspose2d(channels[k], channels[k - 1], 5, 2, 2, output_padding=pad)]
                layers += [nn.ReLU() if k > 1 else nn.Sigmoid()]
            self.body = nn.Sequential(*layers)

        def forward(self, z):
            return ModelOutput(reconstruction=self.body(z))

    class ImageDiscriminator(BaseDiscriminator):
        def __init__(self):
            super().__init__()
            self.stages = nn.ModuleList(
                [nn.Sequential(nn.Conv2d(a, b, 5, 2, 2), nn.ReLU()) for a, b in zip(channels, channels[1:])]
                + [nn.Sequential(nn.Flatten(), nn.Linear(1536, 1), nn.Sigmoid())])
            self.depth = len(self.stages)

        def forward(self, x, output_layer_levels=None):
            out = ModelOutput()
            for i, stage in enumerate(self.stages):
                x = stage(x)
                if output_layer_levels and i + 1 in output_layer_levels:
                    out[f"embedding_layer_{i + 1}"] = x
            out["embedding"] = x
            return out

    common = dict(input_dim=(1, H, W), latent_dim=L)
    nets = dict(encoder=Encoder(), decoder=Decoder())
    make = {
        "vae": lambda: pm.VAE(pm.VAEConfig(**common), **nets),
        "ae": lambda: pm.AE(pm.AEConfig(**common), **nets),
        "rae": lambda: pm.RAE_L2(pm.RAE_L2_Config(**common), **nets),
        "rae-gp": lambda: pm.RAE_GP(pm.RAE_GP_Config(**common), **nets),
        "wae": lambda: pm.WAE_MMD(pm.WAE_MMD_Config(kernel_choice="imq", **common), **nets),
        "vamp": lambda: pm.VAMP(pm.VAMPConfig(number_components=50, **common), **nets),
        "iwae": lambda: pm.IWAE(pm.IWAEConfig(number_samples=5, **common), **nets),
        "vae-nf": lambda: pm.VAE_LinNF(
            pm.VAE_LinNF_Config(flows=["Planar", "Radial", "Planar", "Radial"], **common), **nets),
        "vae-iaf": lambda: pm.VAE_IAF(
            pm.VAE_IAF_Config(n_made_blocks=4, n_hidden_in_made=1, hidden_size=128, **common), **nets),
        "hvae": lambda: pm.HVAE(pm.HVAEConfig(n_lf=3, eps_lf=0.01, **common), **nets),
        "rhvae": lambda: pm.RHVAE(pm.RHVAEConfig(n_lf=3, eps_lf=0.01, **common), **nets),
        "aae": lambda: pm.Adversarial_AE(pm.Adversarial_AE_Config(**common), **nets),
        "vaegan": lambda: pm.VAEGAN(
            pm.VAEGANConfig(reconstruction_layer=2, **common), discriminator=ImageDiscriminator(), **nets),
    }
    model = make[name]()
    model.train()
    x = {"data": torch.rand(BATCH, 1, H, W)}
    if name == "aae":
        players = [("autoencoder_loss", [model.encoder, model.decoder]), ("discriminator_loss", [model.discriminator])]
    elif name == "vaegan":
        players = [("encoder_loss", [model.encoder]), ("decoder_loss", [model.decoder]),
                   ("discriminator_loss", [model.discriminator])]
    else:
        players = [("loss", [model])]
    groups = [[p for m in modules for p in m.parameters()] for _, modules in players]
    optimisers = [torch.optim.Adam(group, lr=1e-4) for group in groups]

    def step():
        out = model(x)
        if len(players) == 1:
            optimisers[0].zero_grad()
            out.loss.backward()
        else:
            grads = []
            for k, ((loss, _), group) in enumerate(zip(players, groups)):
                grads.append(torch.autograd.grad(
                    out[loss], group, retain_graph=k + 1 < len(players), allow_unused=True))
            for group, gradient in zip(groups, grads):
                for p, g in zip(group, gradient):
                    p.grad = g
        for optimiser in optimisers:
            optimiser.step()

    step()
    seconds = []
    for _ in range(5):
        start = time.perf_counter()
        step()
        seconds.append(time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name:10s} {statistics.median(seconds):8.4f} s  {peak:7.0f} MB", flush=True)


if len(sys.argv) == 3 and sys.argv[1] == "--one":
    measure(sys.argv[2])
else:
    for model in sys.argv[1:] or MODELS:
        subprocess.run([sys.executable, __file__, "--one", model], check=False)
