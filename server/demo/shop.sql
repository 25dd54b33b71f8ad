-- The demo shop: a SQLite database with a few things wrong in it, on purpose.
--
-- Run the whole script once, on an empty file, outside a transaction: switching
-- foreign keys off does nothing inside one, and the broken rows at the end need it.
-- Every row follows from its number alone, so that two runs give the same bytes.
--
-- What there is to find (the runbooks named find and mend it):
--   shop-slow-query       order_items has no index on order_id
--   shop-pedidos-orfaos   3 orders without a customer, 1 payment without an order,
--                         2 products with stock below zero, 1 e-mail address held by
--                         two customers, 2 orders whose total is not that of their items
--   shop-tabela-inchada   audit_log: three years of heartbeats that nobody reads

PRAGMA foreign_keys = OFF;

BEGIN;

CREATE TABLE customers (
    id         INTEGER PRIMARY KEY,
    name       TEXT NOT NULL,
    email      TEXT NOT NULL,
    city       TEXT NOT NULL,
    created_at TEXT NOT NULL
);

CREATE TABLE products (
    id          INTEGER PRIMARY KEY,
    sku         TEXT NOT NULL UNIQUE,
    name        TEXT NOT NULL,
    price_cents INTEGER NOT NULL
);

CREATE TABLE stock (
    product_id INTEGER PRIMARY KEY REFERENCES products (id),
    quantity   INTEGER NOT NULL,
    counted_at TEXT NOT NULL
);

CREATE TABLE orders (
    id          INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    status      TEXT NOT NULL,
    total_cents INTEGER NOT NULL,
    created_at  TEXT NOT NULL
);

CREATE INDEX orders_customer_id ON orders (customer_id);

-- No index on order_id: this is the slow query's table.
CREATE TABLE order_items (
    id               INTEGER PRIMARY KEY,
    order_id         INTEGER NOT NULL REFERENCES orders (id),
    product_id       INTEGER NOT NULL REFERENCES products (id),
    quantity         INTEGER NOT NULL,
    unit_price_cents INTEGER NOT NULL
);

CREATE TABLE payments (
    id           INTEGER PRIMARY KEY,
    order_id     INTEGER NOT NULL REFERENCES orders (id),
    amount_cents INTEGER NOT NULL,
    method       TEXT NOT NULL,
    reference    TEXT NOT NULL,
    paid_at      TEXT NOT NULL
);

CREATE INDEX payments_order_id ON payments (order_id);

CREATE TABLE audit_log (
    id        INTEGER PRIMARY KEY,
    at        TEXT NOT NULL,
    actor     TEXT NOT NULL,
    action    TEXT NOT NULL,
    entity    TEXT NOT NULL,
    entity_id INTEGER NOT NULL,
    detail    TEXT NOT NULL
);

CREATE INDEX audit_log_entity ON audit_log (entity, entity_id);

-- 2,000 customers; names and towns by remainder, so that they repeat but are not all alike.
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
INSERT INTO customers (id, name, email, city, created_at)
SELECT i,
       json_extract('["Ana","Bruno","Carla","Diego","Elisa","Fábio","Gabriela","Heitor","Íris","João","Lívia"]',
                    '$[' || (i % 11) || ']')
           || ' '
           || json_extract('["Souza","Lima","Araújo","Conceição","Pereira","Moraes","Nunes"]',
                           '$[' || (i % 7) || ']'),
       'customer' || i || '@example.com',
       json_extract('["Recife","Curitiba","Belém","Porto Alegre","Salvador"]', '$[' || (i % 5) || ']'),
       datetime('2022-01-03 08:00:00', '+' || (i * 11) || ' hours')
FROM n;

WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
INSERT INTO products (id, sku, name, price_cents)
SELECT i,
       printf('SKU-%04d', i),
       json_extract('["Lantern","Rope","Compass","Chart","Buoy","Flare","Oilskin","Anchor"]',
                    '$[' || (i % 8) || ']') || ' no. ' || i,
       490 + (i * 37) % 9000
FROM n;

INSERT INTO stock (product_id, quantity, counted_at)
SELECT id, 5 + (id * 13) % 240, '2025-06-28 18:00:00' FROM products;

-- 60,000 orders, one every 20 minutes; 3 or 4 items each, 210,000 in all.
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)
INSERT INTO orders (id, customer_id, status, total_cents, created_at)
SELECT i,
       1 + (i * 7919) % 2000,
       CASE WHEN i > 59900 THEN 'paid' WHEN i % 97 = 0 THEN 'cancelled' ELSE 'delivered' END,
       0,
       datetime('2023-03-20 00:00:00', '+' || (i * 20) || ' minutes')
FROM n;

WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 209999)
INSERT INTO order_items (id, order_id, product_id, quantity, unit_price_cents)
SELECT i + 1,
       1 + (i * 2) / 7,
       p.id,
       1 + i % 3,
       p.price_cents
FROM n JOIN products AS p ON p.id = 1 + (i * 31) % 200;

WITH sums AS (
    SELECT order_id, sum(quantity * unit_price_cents) AS cents FROM order_items GROUP BY order_id
)
UPDATE orders SET total_cents = sums.cents FROM sums WHERE sums.order_id = orders.id;

INSERT INTO payments (id, order_id, amount_cents, method, reference, paid_at)
SELECT id,
       id,
       total_cents,
       CASE id % 3 WHEN 0 THEN 'pix' WHEN 1 THEN 'card' ELSE 'boleto' END,
       'order ' || id,
       datetime(created_at, '+4 minutes')
FROM orders
WHERE status <> 'cancelled';

-- 60,000 rows of audit log over three years; all but one in thirty is a heartbeat.
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)
INSERT INTO audit_log (id, at, actor, action, entity, entity_id, detail)
SELECT i,
       datetime('2022-07-01 00:00:00', '+' || (i * 1576) || ' seconds'),
       'worker-' || (i % 4),
       CASE WHEN i % 30 = 0 THEN 'order.updated' ELSE 'worker.heartbeat' END,
       CASE WHEN i % 30 = 0 THEN 'order' ELSE 'worker' END,
       CASE WHEN i % 30 = 0 THEN 1 + (i * 13) % 60000 ELSE i % 4 END,
       CASE
           WHEN i % 30 = 0 THEN '{"status":"delivered"}'
           ELSE json_object('queue', 'default', 'lag_ms', (i * 7) % 900, 'state', 'idle',
                            'padding', printf('%0240d', i))
       END
FROM n;

-- From here on: what is wrong.

-- Customers 2741 and 2742 were merged into others, but these orders were left behind;
-- nobody knows any more whose order 51377 was.
UPDATE orders SET customer_id = 2741 WHERE id = 41207;
UPDATE orders SET customer_id = 2742 WHERE id = 48903;
UPDATE orders SET customer_id = 2999 WHERE id = 51377;
INSERT INTO audit_log (at, actor, action, entity, entity_id, detail) VALUES
    ('2025-06-12 14:03:10', 'support', 'customer.merged', 'customer', 2741, '{"into":312}'),
    ('2025-06-12 14:09:41', 'support', 'customer.merged', 'customer', 2742, '{"into":1186}');

-- Its reference names the order that it was for.
INSERT INTO payments (id, order_id, amount_cents, method, reference, paid_at)
SELECT 60001, 600000, total_cents, 'pix', 'order 59980', '2025-06-29 09:15:00' FROM orders WHERE id = 59980;
DELETE FROM payments WHERE id = 59980;

UPDATE stock SET quantity = -3 WHERE product_id = 17;
UPDATE stock SET quantity = -1 WHERE product_id = 93;

-- The same person twice: once typed by hand, in capitals.
UPDATE customers SET email = 'livia.nunes@example.com', name = 'Lívia Nunes' WHERE id = 406;
UPDATE customers SET email = 'Livia.Nunes@Example.com', name = 'Lívia Nunes' WHERE id = 1733;

UPDATE orders SET total_cents = total_cents + 1000 WHERE id = 33333;
UPDATE orders SET total_cents = total_cents - 1 WHERE id = 44444;

COMMIT;
