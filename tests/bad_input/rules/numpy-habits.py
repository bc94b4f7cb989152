import math
from math import sqrt

import numpy as np
from numpy import maximum

from microsim.policy import household

TABLE = np.array([1.0, 2.0])


def capped(x):
    return np.minimum(x, 100.0)


@household
def payment(assets, homes):
    a = np.where(assets > 0, homes, 0.0)
    b = np.minimum(assets, homes)
    c = maximum(assets, homes)
    d = np.clip(assets, 0, homes)
    e = assets.sum()
    f = homes.mean()
    g = assets.astype(float)
    h = (assets > 0) & (homes > 0)
    i = np.isnan(assets)
    j = TABLE[0]
    k = sum([assets, homes])
    m = (assets > 0) | (homes > 0)
    n = ~h
    o = np.log(assets) + np.inf
    p = homes.fillna(0)
    q = len(homes)
    r = max(assets)
    s = capped(assets)
    t = sqrt(assets)
    u = np.percentile(assets, 50)
    v = assets.values
    print(assets)
    w = f"{assets}"
    x = [y for y in range(3)]
    z, zz = assets, homes
    while h:
        pass
    for one in (1, 2):
        pass
    return a
