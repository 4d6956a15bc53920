import express from 'express';
import pg from 'pg';
import { Sequelize } from 'sequelize';
import { readTold } from '../told.ts';

/** An app of Express and Sequelize that does nothing but listen: what start-up is held against. */
const told = readTold();
const app = express();
app.locals['database'] = new Sequelize(told.databaseUrl, { dialect: 'postgres', dialectModule: pg, logging: false });
app.listen(told.port, '127.0.0.1');
